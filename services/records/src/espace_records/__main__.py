from espace_records.main import main

main()
