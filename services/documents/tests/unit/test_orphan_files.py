from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from espace_documents.app.delete_orphan_files import DeleteOrphanFiles


@pytest.fixture
def sweep(service):
    return DeleteOrphanFiles(service.documents, service.archive, service.now)


async def test_an_old_file_that_no_document_refers_to_is_deleted(service, sweep):
    document = await service.delivered(service.knows())
    await service.archive.put(b"left by a process that died", uuid4(), uuid4())
    service.clock += timedelta(hours=1)
    assert await sweep() == 1
    assert list(service.archive.files) == [document.pdf.blob]


async def test_a_young_file_may_still_get_its_document(service, sweep):
    await service.archive.put(b"its document is being stored", uuid4(), uuid4())
    assert await sweep() == 0
    assert len(service.archive.files) == 1


async def test_the_archive_is_gone_through_file_by_file(service, sweep):
    """However many files there are, the sweep holds none of them in memory but the one it looks at."""
    await service.archive.put(b"left by a process that died", uuid4(), uuid4())
    await service.delivered(service.knows())
    service.clock += timedelta(hours=2)
    seen = []

    async def older_than(moment, listed=service.archive.older_than):
        async for blob in listed(moment):
            seen.append("file")
            yield blob

    async def refer_to(blob, refers=service.documents.refer_to):
        seen.append("look")
        return await refers(blob)

    service.archive.older_than, service.documents.refer_to = older_than, refer_to
    assert await sweep() == 1
    assert seen == ["file", "look", "file", "look"]


async def test_in_the_steady_state_nothing_is_swept(service, sweep):
    await service.delivered(service.knows())
    service.clock += timedelta(hours=2)
    assert await sweep() == 0
    assert len(service.archive.files) == 1
