from . import (
    link_to,
    move_to,
    pick_folders,
    pick_folders_line,
    remember_address,
    reset_position,
    test_connection,
    test_connection_stage,
    try_filter,
    undo_rule,
    undo_rule_line,
)
