"""Push messages of mail leave after the commit: the host would send them from within the import,

where what is undone would have been told, and a slow push server would hold up the mail.
"""

import json

from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _mail_import_push(self, partner, payload):
        """Queue a push message to the devices of one person; nothing where there are none."""
        devices, *_keys = self._web_push_get_partners_parameters(partner.ids)
        if devices:
            self._mail_import_queue_push(devices, self._web_push_truncate_payload(payload))

    @api.model
    def _mail_import_queue_push(self, devices, payload):
        # sudo: as the host queues them
        self.env["mail.push"].sudo().create(
            [
                {
                    "mail_push_device_id": device.id,
                    "payload": json.dumps(payload),
                    "mail_import_private": True,
                }
                for device in devices
            ]
        )
        # sudo: as the host triggers it
        self.env.ref("mail.ir_cron_web_push_notification").sudo()._trigger()

    def _web_push_send_notification(
        self, devices, private_key, public_key, payload_by_lang=None, payload=None
    ):
        """What is published by an import is told after its commit."""
        if payload and self.env.context.get("mail_import_publishing"):
            return self._mail_import_queue_push(devices, payload)
        return super()._web_push_send_notification(
            devices, private_key, public_key, payload_by_lang=payload_by_lang, payload=payload
        )
