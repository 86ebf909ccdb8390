import { emailField } from "@web/views/fields/email/email_field";
import { patch } from "@web/core/utils/patch";
import { session } from "@web/session";
import { useService } from "@web/core/utils/hooks";

/**
 * A click on the address of a record opens our composer, where the user has a mailbox to send from;
 * otherwise, and with a key for another tab, it stays the browser's.
 */
const writesHere = {
    setup() {
        super.setup(...arguments);
        if (session.mail_import_sends) {
            this.mailImportAction = useService("action");
            this.mailImportOrm = useService("orm");
        }
    },

    async onMailImportClick(ev) {
        const { record, name } = this.props;
        const isOurs = (record.resModel || "").startsWith("mail.import.");
        if (!this.mailImportAction || isOurs || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        const about = record.resId ? [record.resModel, record.resId] : [false, false];
        const address = record.data[name];
        const action = await this.mailImportOrm.call("mail.import.email", "begin", [
            ...about,
            address,
        ]);
        await this.mailImportAction.doAction(action);
    },
};

patch(emailField.component.prototype, writesHere);
