from espace_gateway.main import main

main()
