import {ActivityMarkAsDone} from "@mail/core/web/activity_markasdone_popover";
import {patch} from "@web/core/utils/patch";

/** Who calls a customer hears things: note them down where the call is ticked off. */
patch(ActivityMarkAsDone.prototype, {
    get isAboutCustomer() {
        return ["crm.lead", "res.partner"].includes(this.props.activity.res_model);
    },

    async onClickHeard() {
        const {feedback, res_id, res_model} = this.props.activity;
        const {action, orm} = this.env.services;
        const form = await orm.call(res_model, "action_report_event", [[res_id]]);
        form.context = {...form.context, default_text: feedback || false};
        if (this.props.close) {
            this.props.close();
        }
        await action.doAction(form);
    },
});
