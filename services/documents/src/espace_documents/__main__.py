from espace_documents.main import main

main()
