from espace_identity.main import main

main()
