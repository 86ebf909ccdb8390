import { MailComposerTemplateSelector } from "@mail/core/web/mail_composer_template_selector";
import { patch } from "@web/core/utils/patch";

// Templates that serve once are meant for one letter: whoever writes another is not offered them.
patch(MailComposerTemplateSelector.prototype, {
    async fetchTemplates() {
        await super.fetchTemplates();
        const ids = this.state.templates.map((template) => template.id);
        const once = await this.orm.search("mail.template", [
            ["id", "in", ids],
            ["mail_import_one_off", "=", true],
        ]);
        this.state.templates = this.state.templates.filter((template) => !once.includes(template.id));
    },
});
