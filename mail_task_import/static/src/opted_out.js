import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

/** Who of those that an answer goes to opted out of mailings: said above what is written to them. */
patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        this.mail_import_opted_out = "";
    },
});
