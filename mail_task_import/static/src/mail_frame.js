import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const KINDS = {
    "mail.import.entry": "entry",
    "mail.import.link": "link",
    "mail.import.email": "email",
};

/** Address of something of the record's e-mail, for the controllers of this add-on. */
function addressOf(record, rest) {
    return `/mail_import/${KINDS[record.resModel]}/${record.resId}/${rest}`;
}

/**
 * The mail in a frame where nothing runs. Who opens an entry has read it: told to the server once
 * for each entry, so that "Mark as unread" stays as it was said.
 */
export class MailFrame extends Component {
    static template = "mail_task_import.MailFrame";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ pictures: false });
        onWillStart(() => this.markRead(this.props.record));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.readId) {
                this.state.pictures = false;
                this.markRead(next.record);
            }
        });
    }

    get source() {
        return addressOf(this.props.record, this.state.pictures ? "body?pictures=1" : "body");
    }

    get offersPictures() {
        return this.props.record.data.has_remote_pictures && !this.state.pictures;
    }

    markRead(record) {
        this.readId = record.resId;
        if (record.resModel === "mail.import.entry" && !record.data.is_read) {
            this.orm.silent.call(record.resModel, "action_mark_read", [[record.resId]]);
        }
    }
}

/** The files of a mail, to download. */
export class MailFiles extends Component {
    static template = "mail_task_import.MailFiles";
    static props = { ...standardWidgetProps };

    get files() {
        return (this.props.record.data.files || []).map((file) => ({
            ...file,
            address: addressOf(this.props.record, `attachment/${file.id}`),
            size: this.readableSize(file.size),
        }));
    }

    readableSize(bytes) {
        if (bytes < 1024) {
            return _t("%s B", bytes);
        }
        const kilobytes = bytes / 1024;
        return kilobytes < 1024
            ? _t("%s kB", Math.round(kilobytes))
            : _t("%s MB", (kilobytes / 1024).toFixed(1));
    }
}

registry.category("view_widgets").add("mail_import_frame", {
    component: MailFrame,
    fieldDependencies: [{ name: "has_remote_pictures", type: "boolean", readonly: true }],
});
registry.category("view_widgets").add("mail_import_files", {
    component: MailFiles,
    fieldDependencies: [{ name: "files", type: "json", readonly: true }],
});

/** After sending: back to where the user wrote from, else to the inbox. */
registry.category("actions").add("mail_import_back", async (env, action) => {
    env.services.notification.add(action.params.message, { type: "success" });
    try {
        await env.services.action.restore();
    } catch {
        await env.services.action.doAction("mail_task_import.action_mail_import_inbox", {
            clearBreadcrumbs: true,
        });
    }
});
