"""Attributes by the names that users of EspoCRM know, and the host's fields that they mean."""

DERIVED = frozenset({"first_name", "last_name", "salutation"})
"""What is no field of the host's and is worked out of the name."""


def _address(prefix: str) -> dict[str, str]:
    return {
        f"{prefix}Street": "street",
        f"{prefix}City": "city",
        f"{prefix}State": "state_id.name",
        f"{prefix}PostalCode": "zip",
        f"{prefix}Country": "country_id.name",
    }


_EVERYWHERE = {
    "createdAt": "create_date",
    "modifiedAt": "write_date",
    "createdByName": "create_uid.name",
    "modifiedByName": "write_uid.name",
    "assignedUserName": "user_id.name",
    "assignedUser": "user_id",
}
_OF_PEOPLE = {
    "firstName": "first_name",
    "lastName": "last_name",
    "salutationName": "salutation",
    "emailAddress": "email",
    "phoneNumber": "phone",
    "title": "function",
}
_PARTNER = {
    **_EVERYWHERE,
    **_OF_PEOPLE,
    **_address("address"),
    **_address("billingAddress"),
    "account": "parent_id",
    "accountName": "commercial_company_name",
    "industry": "industry_id.name",
    "description": "comment",
    "sicCode": "company_registry",
}
_LEAD = {
    **_EVERYWHERE,
    **_OF_PEOPLE,
    **_address("address"),
    "emailAddress": "email_from",
    "account": "commercial_partner_id",
    "accountName": "partner_name",
    "contact": "partner_id",
    "contactName": "contact_name",
    "amount": "expected_revenue",
    "opportunityAmount": "expected_revenue",
    "amountWeightedConverted": "prorated_revenue",
    "amountCurrency": "company_currency.name",
    "opportunityAmountCurrency": "company_currency.name",
    "closeDate": "date_deadline",
    "stage": "stage_id.name",
    "status": "stage_id.name",
    "source": "source_id.name",
    "leadSource": "source_id.name",
    "campaignName": "campaign_id.name",
}
_TASK = {
    **_EVERYWHERE,
    "number": "id",
    "status": "stage_id.name",
    "dateStart": "date_assign",
    "dateEnd": "date_deadline",
    "dateCompleted": "date_end",
    "account": "partner_id.commercial_partner_id",
    "accountName": "partner_id.commercial_company_name",
    "contact": "partner_id",
    "contactName": "partner_id.name",
    "emailAddress": "email_from",
    "projectName": "project_id.name",
}
_CASE = {
    **_EVERYWHERE,
    "status": "stage_id.name",
    "type": "category_id.name",
    "account": "commercial_partner_id",
    "accountName": "commercial_partner_id.name",
    "contact": "partner_id",
    "contactName": "partner_id.name",
    "emailAddress": "partner_email",
}
_USER = {
    **_EVERYWHERE,
    **_OF_PEOPLE,
    **_address("address"),
    "userName": "login",
    "defaultTeamName": "sale_team_id.name",
}
_CONTACT_OF_LISTS = {
    **_EVERYWHERE,
    "firstName": "first_name",
    "lastName": "last_name",
    "emailAddress": "email",
    "accountName": "company_name",
    "addressCountry": "country_id.name",
}
OF_MODELS = {
    "res.partner": _PARTNER,
    "crm.lead": _LEAD,
    "project.task": _TASK,
    "helpdesk.ticket": _CASE,
    "res.users": _USER,
    "mailing.contact": _CONTACT_OF_LISTS,
}

ALL = frozenset(
    {"id", "name", "email", "phone", "website", "street", "city", "zip", "number", "type"}
    | {name.lower() for table in OF_MODELS.values() for name in table}
)
"""Names of attributes, in small letters: what somebody has in mind who writes a placeholder."""


def fields_of(model: str, attribute: str) -> str:
    """The path of fields, with dots, that an attribute means; itself where it is no other name."""
    return OF_MODELS.get(model, _EVERYWHERE).get(attribute, attribute)


def attributes_of(model: str) -> dict[str, str]:
    """``{attribute: path of fields}`` of a model."""
    return dict(OF_MODELS.get(model, _EVERYWHERE))


def offered_of(model: str) -> dict[str, str]:
    """``attributes_of`` in the order of who looks for one: what all models have comes last."""
    own = attributes_of(model)
    return {name: own[name] for name in sorted(own, key=lambda name: name in _EVERYWHERE)}


def first_name(name: str) -> str:
    """Of a person: "Ann" of "Ann Customer" and of "Customer, Ann"."""
    last, comma, first = (name or "").partition(",")
    words = (first if comma else last).split()
    return words[0] if words else ""


def last_name(name: str) -> str:
    """What is left: "Customer". A single word is a first name."""
    last, comma, _first = (name or "").partition(",")
    return last.strip() if comma else " ".join((name or "").split()[1:])
