import { Component, useRef, useState } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Each file by itself: what became of one says nothing of the next. Errors are words, too. */
async function archiveFile(model, id, file) {
    const body = new FormData();
    body.append("csrf_token", odoo.csrf_token);
    body.append("model", model);
    body.append("id_", id);
    body.append("file", file, file.name);
    const response = await fetch("/mail_import/archive", { method: "POST", body }).catch(() => null);
    const answer = response?.headers.get("content-type")?.includes("json")
        ? await response.json()
        : null;
    if (answer) {
        return answer;
    }
    if (response?.status === 413) {
        return { error: _t("“%s” is too large for this server.", file.name) };
    }
    return { error: _t("“%s” could not be sent, nothing of it was kept. Try again.", file.name) };
}

/** Tell what became of each file; whether any was taken. */
async function archiveFiles(notification, model, id, files) {
    let taken = false;
    for (const file of files) {
        const { words, error } = await archiveFile(model, id, file);
        taken = taken || Boolean(words);
        notification.add(words || error, {
            type: words ? "success" : "danger",
            sticky: Boolean(error),
        });
    }
    return taken;
}

/** In the dialog: a file is archived as soon as it is chosen or dropped. */
export class ArchiveFile extends Component {
    static template = "mail_task_import.ArchiveFile";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        this.input = useRef("input");
        this.notification = useService("notification");
        this.action = useService("action");
        this.state = useState({ isBusy: false });
        useDropzone(this.root, (ev) => this.take(ev.dataTransfer.files));
    }

    choose() {
        this.input.el.click();
    }

    onChosen() {
        const files = [...this.input.el.files];
        this.input.el.value = "";
        return this.take(files);
    }

    async take(files) {
        const { res_model, res_id } = this.props.record.data;
        this.state.isBusy = true;
        const taken = await archiveFiles(this.notification, res_model, res_id, [...files]);
        this.state.isBusy = false;
        if (taken) {
            await this.action.doAction({ type: "ir.actions.act_window_close" });
        }
    }
}

registry.category("view_widgets").add("mail_import_archive_file", { component: ArchiveFile });

/** Files that are dropped on the e-mails of a record are archived there. */
patch(ListController.prototype, {
    setup() {
        super.setup();
        const place = this.props.context?.mail_import_record;
        if (this.props.resModel === "mail.import.link" && place) {
            const notification = useService("notification");
            useDropzone(this.rootRef, async (ev) => {
                const files = [...ev.dataTransfer.files];
                if (await archiveFiles(notification, place[0], place[1], files)) {
                    await this.model.load();
                }
            });
        }
    },
});
