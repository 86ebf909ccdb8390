"""Step *filter*: what the filters do to a batch.

Global filters, then those of the group mailbox, or those of the owner of a personal one: one's own
of that mailbox, then those of all one's mail. The first match in each scope counts. What they say
adds up: the folder of a later scope wins, marks are united, *skip* and *trash* end it.
"""

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..batch import FILTERED
from .filter_conditions import conditions_of
from .filter_facts import Facts
from .filter_matching import CompiledFilter, Scope

BY_HAND = object()
OF = {
    "global": ("company_id",),
    "group": ("mailbox_id",),
    "mailbox": ("mailbox_id", "user_id"),
    "own": ("user_id",),
}
"""Whose the filters of a scope are."""
OWNERS = ("company_id", "mailbox_id", "user_id")
UNFILTERED = {"mail_import_unfiltered": BY_HAND}
"""Context of mail that a person lets in by hand. No call from outside can name the object."""


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    @api.model
    def _sort_out(self, batch):
        """Set ``state`` to "filtered" (and ``filter``) on mails to leave out; fill ``filing``,
        ``silent``, ``set_aside`` and the journal of others.
        """
        scopes = self._scopes_of(batch.mailbox)
        if not scopes or not batch.under_way or self._is_let_in():
            return
        self.env["mail.import.target"]._look_up(batch)
        caught = self._catch(batch, scopes)
        if caught and self._is_outdated({hit for _mail, hits in caught for hit in hits}):
            self.env.registry.clear_cache()
            self.invalidate_model()
            caught = self._catch(batch, self._scopes_of(batch.mailbox))
        for mail, hits in caught:
            self._carry_out(batch, mail, hits)
        if skipped := [mail for mail, _hits in caught if mail.state == FILTERED]:
            self.env["mail.import.filter.catch"]._write_down(batch, skipped)
            self.env["mail.import.email"]._pair(batch)

    @api.model
    def _catch(self, batch, scopes):
        """``(mail, filters)`` of each mail that some filter catches.

        What is the owner's already, whose position was reset say, stays as it is.
        """
        here = self.env["mail.import.entry"]._owned(batch)
        kept, caught = set(), []
        for mail in batch.under_way:
            identity = mail.parsed.key, mail.parsed.digest
            if mail.outgoing or identity in kept or (mail.email and mail.email.id in here):
                continue
            hits = self._hits(scopes, Facts(batch, mail))
            if hits:
                caught.append((mail, hits))
            if not hits or hits[-1].destination != "skip":
                kept.add(identity)
        return caught

    @api.model
    def _hits(self, scopes, facts):
        hits = []
        for scope in scopes:
            if hit := scope.first(facts):
                hits.append(hit)
                if hit.ends:
                    break
        return hits

    @api.model
    def _carry_out(self, batch, mail, hits):
        last = hits[-1]
        if last.destination == "skip":
            mail.state, mail.filter = FILTERED, self.browse(last.id)
            mail.note("filter", "skip", id=last.id, name=last.name)
            # what others keep of it is not this mailbox' to name
            mail.email = mail.twin_of = mail.same_as = None
            return
        for hit in hits:
            mail.filing.update(hit.filing)
            mail.silent = mail.silent or hit.silent
            mail.note(
                "filter",
                hit.destination,
                id=hit.id,
                name=hit.name,
                marks=sorted(hit.filing.keys() - {"folder_id"}),
                folder=hit.folder_id,
                silent=hit.silent,
            )
            mail.set_aside = hit.destination == "trash" and hit.decides_import

    @api.model
    def _is_let_in(self):
        return self.env.context.get("mail_import_unfiltered") is BY_HAND

    @api.model
    def _lets_pass(self, batch, mail, mailbox):
        """Whether the filters that decide the import into ``mailbox`` let a mail pass.

        Asked of a mail that another mailbox receives as well.
        """
        scopes = self._scopes_of(mailbox)
        if not scopes or mail.outgoing or self._is_let_in():
            return True
        facts = Facts(*self.env["mail.import.target"]._as_received_by(batch, mail, mailbox))
        hits = self._hits(scopes, facts)
        return not (hits and hits[-1].ends and hits[-1].decides_import)

    # -- remembered -----------------------------------------------------------------------------

    @api.model
    def _scopes_of(self, mailbox):
        """Those ``Scope`` that mail of a mailbox passes, in order; mostly there are none."""
        used = self._scopes_in_use()
        if not used:
            return []
        owner = mailbox.owner_id.id
        keys = [("global", mailbox.company_id.id)]
        if owner:
            keys += [("mailbox", mailbox.id, owner), ("own", owner)]
        else:
            keys.append(("group", mailbox.id))
        return [self._compiled(*key) for key in keys if key in used]

    @api.model
    @tools.ormcache()
    def _scopes_in_use(self):
        """Scopes, with whose they are, in which some filter is switched on."""
        # sudo: the importer carries out everybody's
        Filter = self.sudo().with_context(active_test=True)
        found = set()
        for scope, *owners in Filter._read_group([], ["scope", *OWNERS]):
            named = dict(zip(OWNERS, owners, strict=True))
            found.add((scope, *(named[name].id for name in OF[scope])))
        return found

    @api.model
    @tools.ormcache("scope", "owners")
    def _compiled(self, scope, *owners):
        """``Scope`` of the filters that are switched on there. Each is made when mail comes that
        it is asked about: what one user enters costs only those who share it.
        """
        domain = Domain("scope", "=", scope)
        for name, owner in zip(OF[scope], owners, strict=True):
            domain &= Domain(name, "=", owner)
        # sudo: as above
        filters = self.sudo().with_context(active_test=True).search(domain)
        stamps = self._stamps(filters.ids)
        return Scope([one._compile(stamps.get(one.id)) for one in filters])

    def _compile(self, stamp=None):
        """This filter as a plain object."""
        folder = self._folder()
        filing = {"folder_id": folder.id} if folder else {}
        filing |= {"is_read": True} if self.mark_read else {}
        filing |= {"starred": True} if self.star else {}
        destination = "trash" if folder.kind == "trash" else self.destination
        return CompiledFilter(
            id=self.id,
            name=self._name_to_all(),
            stamp=stamp,
            conditions=conditions_of(self),
            destination=destination,
            decides_import=self.scope in ("global", "group"),
            folder_id=folder.id or None,
            filing=filing,
            silent=self.silent or folder.skip_notification,
        )

    def _folder(self):
        Folder = self.env["mail.import.folder"]
        if self.destination in ("archive", "trash"):
            return Folder._system(self.destination)
        return self.folder_id if self.destination == "folder" else Folder

    @api.model
    def _is_outdated(self, hits):
        """Whether another worker has changed or deleted one of these since they were read.

        This one hears of it between two jobs only, and one job imports for a minute.
        """
        stamps = self._stamps([hit.id for hit in hits])
        return any(stamps.get(hit.id) != hit.stamp for hit in hits)

    @api.model
    def _stamps(self, ids):
        self.flush_model(["active", "folder_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id, write_date, folder_id FROM mail_import_filter
                    WHERE active AND id IN %s""",
                tuple(ids) or (0,),
            )
        )
        return {id_: tuple(stamp) for id_, *stamp in rows}
