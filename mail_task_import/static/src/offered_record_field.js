import { registry } from "@web/core/registry";
import { Many2OneReferenceField } from "@web/views/fields/many2one_reference/many2one_reference_field";

/** A record of the model that another field names, among those of the record's `record_domain`. */
export class OfferedRecordField extends Many2OneReferenceField {
    get m2oProps() {
        return { ...super.m2oProps, domain: () => this.props.record.data.record_domain || [] };
    }
}

const many2oneReference = registry.category("fields").get("many2one_reference");

registry.category("fields").add("mail_import_record", {
    ...many2oneReference,
    component: OfferedRecordField,
});
