import { CharField, charField } from "@web/views/fields/char/char_field";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";

/** A subject that is saved while it is typed: the space before the next word has to stay. */
export class DraftSubject extends CharField {
    setup() {
        super.setup();
        useBus(this.props.record.model.bus, "MAIL_IMPORT_DRAFT_NOW", ({ detail }) => {
            detail.subject = this.input.el?.value || "";
        });
    }

    get shouldTrim() {
        return false;
    }
}

registry.category("fields").add("mail_import_draft_subject", {
    ...charField,
    component: DraftSubject,
});
