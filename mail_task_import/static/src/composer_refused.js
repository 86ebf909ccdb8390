/**
 * An answer that is refused stays in the composer, and can be sent when its cause is mended: the
 * host leaves the button grey until the page is loaded again, and the text is lost with it.
 */
import { Composer } from "@mail/core/common/composer";
import { patch } from "@web/core/utils/patch";

patch(Composer.prototype, {
    async processMessage() {
        const wasActive = this.state.active;
        try {
            return await super.processMessage(...arguments);
        } catch (error) {
            this.state.active = wasActive;
            throw error;
        }
    },
});
