from espace_identity_provider.main import main

main()
