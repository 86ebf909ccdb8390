import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, onWillDestroy, useRef, useState } from "@odoo/owl";
import { humanSize } from "@web/core/utils/binary";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { useService } from "@web/core/utils/hooks";

const PIECE_BYTES = 8 * 1024 * 1024;
const LEAST_PIECE_BYTES = 256 * 1024;
const TRIES = 4;
const PAUSE_MS = 1500;
const TOO_LARGE = 413;
const REFUSED = 422;

/** Files that were dropped on a list: for the form of *Import Files* with that number. */
export const droppedFiles = new Map();

/** Files of any size, which are sent piece by piece. */
export class PutInFiles extends Component {
    static template = "mail_task_import.PutInFiles";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.input = useRef("input");
        this.state = useState({ waiting: [], error: "" });
        this.pieceBytes = Math.min(PIECE_BYTES, session.max_file_upload_size || PIECE_BYTES);
        useDropzone(this.root, (ev) => this.add(ev.dataTransfer.files));
        onMounted(() => {
            const { resId } = this.props.record;
            this.add(droppedFiles.get(resId) || []);
            droppedFiles.delete(resId);
        });
        onWillDestroy(() => (this.gone = true));
    }

    get files() {
        const waiting = new Set(this.state.waiting.map((file) => file.id));
        const files = this.props.record.data[this.props.name] || [];
        return files.filter((file) => !waiting.has(file.id));
    }

    size(bytes) {
        return humanSize(bytes);
    }

    percent(file) {
        return Math.floor((100 * file.here) / Math.max(file.size, 1));
    }

    choose() {
        this.input.el.click();
    }

    onChosen() {
        this.add(this.input.el.files);
        this.input.el.value = "";
    }

    add(files) {
        const isSending = this.state.waiting.length;
        for (const file of files) {
            this.state.waiting.push({ id: 0, name: file.name, size: file.size, here: 0, file });
        }
        if (!isSending && this.state.waiting.length) {
            this.sendAll();
        }
    }

    async sendAll() {
        this.state.error = "";
        while (this.state.waiting.length && !this.gone) {
            const next = this.state.waiting[0];
            try {
                await this.send(next);
            } catch (error) {
                this.state.error = `${next.name}: ${error.message}`;
            }
            await this.show();
            this.state.waiting.shift();
        }
    }

    async send(next) {
        do {
            const piece = next.file.slice(next.here, next.here + this.pieceBytes);
            const answer = await this.sendPiece(next, piece);
            if (answer) {
                Object.assign(next, answer);
            }
        } while (next.here < next.size && !this.gone);
    }

    /** A proxy may take less than Odoo; a line may break: then once more. */
    async sendPiece(next, piece) {
        for (let tries = 1; !this.gone; tries++) {
            const response = await this.post(next, piece).catch(() => null);
            if (response?.ok) {
                return response.json();
            }
            if (response?.status === TOO_LARGE && this.pieceBytes > LEAST_PIECE_BYTES) {
                this.pieceBytes = Math.max(LEAST_PIECE_BYTES, this.pieceBytes / 4);
                return null;
            }
            if (response?.status === REFUSED) {
                throw new Error((await response.json()).error);
            }
            if (tries === TRIES) {
                throw new Error(_t("It could not be sent. Choose it again."));
            }
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
        return null;
    }

    post(next, piece) {
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        body.append("name", next.name);
        body.append("first", next.id);
        body.append("at", next.here);
        body.append("size", next.size);
        body.append("piece", piece, "piece");
        return fetch(`/mail_import/upload/${this.props.record.resId}`, { method: "POST", body });
    }

    async remove(file) {
        await this.orm.call("mail.import.upload", "action_remove_file", [
            [this.props.record.resId],
            file.id,
        ]);
        await this.show();
    }

    /** What else was filled in here stays. */
    async show() {
        if (!this.gone) {
            await this.props.record.save({ reload: false });
        }
        if (!this.gone) {
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("mail_import_put_in_files", {
    component: PutInFiles,
    displayName: _t("Files with mail"),
    supportedTypes: ["json"],
});
