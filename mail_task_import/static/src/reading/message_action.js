import { registerMessageAction } from "@mail/core/common/message_actions";
import { Message } from "@mail/core/common/message_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** From a chatter to the e-mail behind a message, and its conversation. */
patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        this.mail_import_is_email = false;
    },
});

registerMessageAction("mail-import-open", {
    condition: ({ message }) => message.mail_import_is_email,
    icon: "fa fa-envelope-open-o",
    name: _t("Open E-mail"),
    onSelected: async ({ message, store }) => {
        const { action, orm } = store.env.services;
        await action.doAction(await orm.call("mail.message", "mail_import_open", [[message.id]]));
    },
    sequence: 35,
});
