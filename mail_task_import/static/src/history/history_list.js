import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { Component, onWillStart, onWillUpdateProps, useState, useSubEnv } from "@odoo/owl";

const widgets = registry.category("view_widgets");
const SHOWN = ["sender", "to", "cc", "subject", "is_published", "state", "record_name"];

/** One e-mail below its line: who wrote to whom, its files and text, and what is done with it. */
export class HistoryPreview extends Component {
    static template = "mail_task_import.HistoryPreview";
    static props = { record: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ mail: null });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    get frame() {
        return widgets.get("mail_import_frame").component;
    }

    get files() {
        return widgets.get("mail_import_files").component;
    }

    async load(id) {
        const names = [...SHOWN, "files", "has_remote_pictures"];
        const specification = Object.fromEntries(names.map((name) => [name, {}]));
        const [data] = await this.orm.webRead("mail.import.link", [id], {
            specification: { ...specification, my_entry_id: { fields: {} } },
        });
        this.state.mail = { resModel: "mail.import.link", resId: id, data };
    }

    /** A button: what it answers is done, and the line is shown as it is now. */
    async press(method) {
        const { model, resId } = this.props.record;
        const answer = await this.orm.call("mail.import.link", method, [[resId]]);
        if (answer && !["mail_import_deed"].includes(answer.tag)) {
            return this.action.doAction(answer);
        }
        if (answer) {
            await this.action.doAction(answer);
        } else {
            await this.load(resId);
        }
        await model.load();
    }

    open() {
        return this.env.mailImportPreview.open(this.props.record);
    }
}

/** Whom the e-mails are from or to: who presses a name sees that person's alone. */
export class HistoryPeople extends Component {
    static template = "mail_task_import.HistoryPeople";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.people = [];
        this.filters = {};
        onWillStart(async () => {
            const { globalDomain } = this.env.searchModel;
            const domain = globalDomain || [];
            this.people = await this.orm.call("mail.import.link", "people", [domain]);
        });
        useBus(this.env.searchModel, "update", () => this.render());
    }

    isChosen(address) {
        const id = this.filters[address];
        return this.env.searchModel.query.some((element) => element.searchItemId === id);
    }

    choose({ address, name }) {
        const { searchModel } = this.env;
        for (const other of Object.keys(this.filters)) {
            if (other !== address && this.isChosen(other)) {
                searchModel.toggleSearchItem(this.filters[other]);
            }
        }
        if (address in this.filters) {
            searchModel.toggleSearchItem(this.filters[address]);
            return;
        }
        this.filters[address] = searchModel.nextId;
        searchModel.createNewFilters([
            { description: name, domain: new Domain([["person", "=", address]]).toString() },
        ]);
    }
}

export class HistoryListRenderer extends ListRenderer {
    static template = "mail_task_import.HistoryRenderer";
    static recordRowTemplate = "mail_task_import.HistoryRow";
    static components = { ...ListRenderer.components, HistoryPeople, HistoryPreview };

    setup() {
        super.setup();
        this.preview = useState(this.env.mailImportPreview);
    }
}

/** The e-mails of a record: a line unfolds to the e-mail, a draft is written on. */
export class HistoryListController extends ListController {
    setup() {
        super.setup();
        this.preview = useState({
            id: false,
            toggle: (record) => this.openRecord(record),
            open: (record) => super.openRecord(record),
        });
        useSubEnv({ mailImportPreview: this.preview });
    }

    async openRecord(record, options) {
        if (options?.newWindow) {
            return super.openRecord(record, options);
        }
        if (record.data.state === "draft") {
            const { resModel, resId } = record;
            const action = await this.orm.call(resModel, "action_edit_draft", [[resId]]);
            return this.actionService.doAction(action);
        }
        this.preview.id = this.preview.id === record.resId ? false : record.resId;
    }
}

/** The arrow that unfolds a line: for keyboards and screen readers, too. */
export class UnfoldField extends Component {
    static template = "mail_task_import.UnfoldField";
    static props = { ...standardFieldProps };

    setup() {
        this.preview = useState(this.env.mailImportPreview || { id: false });
    }

    get isUnfolded() {
        return this.preview.id === this.props.record.resId;
    }

    get title() {
        return this.isUnfolded ? _t("Hide the e-mail") : _t("Show the e-mail");
    }
}

registry.category("fields").add("mail_import_unfold", {
    component: UnfoldField,
    displayName: _t("Arrow that unfolds a line"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    listViewWidth: () => 30,
});

registry.category("views").add("mail_import_history", {
    ...listView,
    Controller: HistoryListController,
    Renderer: HistoryListRenderer,
});
