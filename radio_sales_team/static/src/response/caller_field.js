import {registry} from "@web/core/registry";
import {Many2One} from "@web/views/fields/many2one/many2one";
import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";

/** Mail address, number and name in what somebody typed while the phone rang. */
function readCaller(text) {
    const caller = {};
    const take = (field, pattern) => {
        text = text.replace(pattern, (match) => {
            caller[field] = match.trim();
            return " ";
        });
    };
    take("caller_email", /\S+@\S+/);
    take("caller_phone", /\+?[\d(][\d\s()/.-]{2,}\d/);
    take("caller_name", /[^\s,;].*[^\s,;]|[^\s,;]/);
    return caller;
}

class CallerMany2One extends Many2One {
    static props = {...Many2One.props, onUnknown: Function};

    quickCreate(text) {
        this.state.isFloating = false;
        return this.props.onUnknown(text);
    }
}

/** Who is calling: found, or what was typed goes into the fields below, not lost. */
class CallerField extends Many2OneField {
    static components = {...Many2OneField.components, Many2One: CallerMany2One};

    get m2oProps() {
        return {
            ...super.m2oProps,
            canQuickCreate: true,
            onUnknown: (text) => this.props.record.update(readCaller(text)),
        };
    }
}

registry.category("fields").add("radio_caller", {
    ...buildM2OFieldDescription(CallerField),
});
