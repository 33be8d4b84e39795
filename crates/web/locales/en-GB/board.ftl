board-title = Open logs
