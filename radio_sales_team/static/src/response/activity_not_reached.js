import {ActivityMarkAsDone} from "@mail/core/web/activity_markasdone_popover";
import {patch} from "@web/core/utils/patch";

/** A call to a customer that is marked done asks one thing more: was anybody there? */
patch(ActivityMarkAsDone.prototype, {
    get isCustomerCall() {
        const {activity_category, res_model} = this.props.activity;
        return activity_category === "phonecall" && res_model === "crm.lead";
    },

    async onClickNotReached() {
        const {feedback, id, res_id, res_model} = this.props.activity;
        const {orm, "mail.store": store} = this.env.services;
        const thread = store.Thread.insert({model: res_model, id: res_id});
        await orm.call("mail.activity", "action_feedback_not_reached", [[id]], {feedback});
        this.props.onActivityChanged(thread);
        await thread.fetchNewMessages();
    },
});
