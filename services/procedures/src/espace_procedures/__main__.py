from espace_procedures.main import main

main()
