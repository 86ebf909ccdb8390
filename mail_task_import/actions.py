"""What buttons answer: the form of a record, in its place or in a dialog."""


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
