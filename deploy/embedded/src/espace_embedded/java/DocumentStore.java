import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/** A document store in one file that speaks MongoDB's protocol and keeps every write it has acknowledged, whenever it is killed. */
public final class DocumentStore extends H2Backend {
    private static final int RETENTION_MS = 1_000;
    private static final int COMPACTION_AT_STOP_MS = 3_000;
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findAndModify", "findandmodify", "create",
        "createIndexes", "drop", "dropDatabase", "dropIndexes", "deleteIndexes", "renameCollection");

    /** The lowest version that today's drivers accept; what it promises beyond this server's features, nobody here uses. */
    private record Version() implements MongoVersion {
        @Override public List<Integer> getVersionArray() { return List.of(4, 4, 0); }
        @Override public int getWireVersion() { return 9; }
    }

    /** Writes share it, a commit has it alone: a commit never saves a document without its index entries, and one serves all who wait. */
    private final ReentrantReadWriteLock commit = new ReentrantReadWriteLock();

    private DocumentStore(MVStore file) {
        super(file);
        version(new Version());
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        if (!WRITES.contains(message.getDocument().keySet().iterator().next())) {
            return super.handleMessage(message);
        }
        commit.readLock().lock();
        Document answer;
        try {
            answer = super.handleMessage(message);
        } finally {
            commit.readLock().unlock();
        }
        commit.writeLock().lock();
        try {
            getMvStore().commit();
        } finally {
            commit.writeLock().unlock();
        }
        return answer;
    }

    @Override
    public void close() {
        getMvStore().close(COMPACTION_AT_STOP_MS);
    }

    /** Arguments: the file, the address and the port to listen on. */
    public static void main(String[] arguments) {
        MVStore file = new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().open();
        file.setRetentionTime(RETENTION_MS);
        file.setVersionsToKeep(0);
        MongoServer server = new MongoServer(new DocumentStore(file));
        server.bind(arguments[1], Integer.parseInt(arguments[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    }
}
