"""What buttons answer: the form of a record, in its place or in a dialog, or a word."""


def form_of(record, title):
    return {
        "type": "ir.actions.act_window",
        "name": title,
        "res_model": record._name,
        "res_id": record.id,
        "views": [(False, "form")],
    }


def in_dialog(record, title):
    return {**form_of(record, title), "target": "new"}


def notice(message, kind="success", reload=False):
    """:param reload: whether the list or form below is asked for anew"""
    params = {"type": kind, "message": message, "sticky": kind != "success"}
    if reload:
        params["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}


def go_back(message):
    """From the form of what is no longer here, or no longer being written."""
    return {"type": "ir.actions.client", "tag": "mail_import_back", "params": {"message": message}}
