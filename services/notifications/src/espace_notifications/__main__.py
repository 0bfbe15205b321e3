from espace_notifications.main import main

main()
