import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** An e-mail: what one does with it now and then is in the cog menu, the daily things above it. */
export class EntryFormController extends FormController {
    getStaticActionMenuItems() {
        const mail = this.model.root.data;
        return {
            ...super.getStaticActionMenuItems(),
            makeFilter: this.rareAction(60, "fa fa-filter", _t("Make a Filter"), mail.can_filter, {
                name: "action_make_filter",
            }),
            processAgain: this.rareAction(
                61,
                "fa fa-refresh",
                _t("Process Again"),
                mail.direction === "incoming" && !mail.is_linked,
                { name: "action_process_again" }
            ),
            download: this.rareAction(
                62,
                "fa fa-download",
                _t("Download .eml"),
                mail.has_original,
                { name: "action_download_original" }
            ),
            deleteForEveryone: {
                ...this.rareAction(
                    63,
                    "fa fa-ban",
                    _t("Delete for Everyone"),
                    mail.can_delete_for_everyone && mail.state !== "draft",
                    {
                        name: "action_delete_for_everyone",
                        confirm: _t(
                            "This e-mail is deleted with all copies of others, and taken out of the records and chatters that show it. It cannot be brought back."
                        ),
                        "confirm-label": _t("Delete for Everyone"),
                    }
                ),
                class: "text-danger",
            },
        };
    }

    /** As a button of the form would do it. */
    rareAction(sequence, icon, description, available, button) {
        const { resModel, resId, context, evalContext } = this.model.root;
        return {
            sequence,
            icon,
            description,
            isAvailable: () => Boolean(available),
            callback: () =>
                this.env.onClickViewButton({
                    clickParams: { type: "object", ...button },
                    getResParams: () => ({
                        resModel,
                        resId,
                        resIds: [resId],
                        context,
                        evalContext,
                    }),
                }),
        };
    }
}

registry.category("views").add("mail_import_entry", {
    ...formView,
    Controller: EntryFormController,
});
