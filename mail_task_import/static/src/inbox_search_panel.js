import { SearchPanel } from "@web/search/search_panel/search_panel";
import { useBus, useService } from "@web/core/utils/hooks";

const COUNTED = "mail_import_counted";

/**
 * Count anew what is unread. The host does so only where it loads the rows again too.
 *
 * @param {import("@web/search/search_model").SearchModel} searchModel
 */
export async function countAgain(searchModel) {
    if (!searchModel.display.searchPanel) {
        return;
    }
    await Promise.all(
        searchModel.categories.map(async (category) => {
            const values = await searchModel.orm.call(
                searchModel.resModel,
                "search_panel_select_range",
                [category.fieldName],
                {
                    category_domain: searchModel._getCategoryDomain(category.id),
                    context: searchModel.globalContext,
                    enable_counters: category.enableCounters,
                    expand: category.expand,
                    filter_domain: searchModel._getFilterDomain(),
                    hierarchize: category.hierarchize,
                    limit: category.limit,
                    search_domain: searchModel.searchDomain,
                }
            );
            searchModel._createCategoryTree(category.id, values);
        })
    );
    searchModel.trigger(COUNTED);
}

/** The folders beside the inbox: in their colours, and a way to make another one. */
export class InboxSearchPanel extends SearchPanel {
    static template = "mail_task_import.SearchPanel";
    static subTemplates = {
        ...SearchPanel.subTemplates,
        category: "mail_task_import.SearchPanel.Category",
    };

    setup() {
        super.setup();
        this.action = useService("action");
        useBus(this.env.searchModel, COUNTED, () => this.render());
    }

    isFolders(section) {
        return section.type === "category" && section.fieldName === "folder_id";
    }

    async newFolder() {
        const action = await this.env.searchModel.orm.call("mail.import.folder", "action_new");
        this.action.doAction(action, {
            onClose: () => countAgain(this.env.searchModel),
        });
    }
}
