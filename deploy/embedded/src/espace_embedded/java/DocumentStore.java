import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/** A document store in one file that speaks MongoDB's protocol and keeps every write it has acknowledged, whenever it is killed. */
public final class DocumentStore extends H2Backend {
    private static final int RETENTION_MS = 1_000;
    private static final int COMPACTION_AT_STOP_MS = 3_000;
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findAndModify", "findandmodify");
    private static final Set<String> CHANGES_OF_STRUCTURE = Set.of("create", "createIndexes", "drop", "dropDatabase", "dropIndexes",
        "deleteIndexes", "renameCollection");

    /** The lowest version that today's drivers accept; what it promises beyond this server's features, nobody here uses. */
    private record Version() implements MongoVersion {
        @Override public List<Integer> getVersionArray() { return List.of(4, 4, 0); }
        @Override public int getWireVersion() { return 9; }
    }

    /** Writes share it, a commit has it alone: a commit never saves a document without its index entries, and one serves all who wait. */
    private final ReentrantReadWriteLock commit = new ReentrantReadWriteLock();

    /** The collections that had their first use since the last change of structure. */
    private final Set<String> used = ConcurrentHashMap.newKeySet();

    private DocumentStore(MVStore file) {
        super(file);
        version(new Version());
    }

    /** Neither a change of its structure nor its first use, which makes it, bears another write beside it. */
    @Override
    public Document handleMessage(MongoMessage message) {
        Document command = message.getDocument();
        String name = command.keySet().iterator().next();
        String collection = command.get("$db") + "." + command.get(name);
        if (CHANGES_OF_STRUCTURE.contains(name)) {
            return alone(message, used::clear);
        }
        if (command.get(name) instanceof String && !used.contains(collection)) {
            return alone(message, () -> used.add(collection));
        }
        return WRITES.contains(name) ? committed(message) : super.handleMessage(message);
    }

    private Document alone(MongoMessage message, Runnable afterwards) {
        commit.writeLock().lock();
        try {
            Document answer = super.handleMessage(message);
            getMvStore().commit();
            afterwards.run();
            return answer;
        } finally {
            commit.writeLock().unlock();
        }
    }

    private Document committed(MongoMessage message) {
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
