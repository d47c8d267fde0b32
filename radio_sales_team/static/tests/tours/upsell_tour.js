import {registry} from "@web/core/registry";

/** The assistant hears of a reopening on the phone: three clicks and a date. */
registry.category("web_tour.tours").add("radio_event_tour", {
    steps: () => [
        {
            trigger: "button[name=action_report_event]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=event_date] input, .modal .o_field_widget[name=event_date] button",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=event_date] input",
            run: "edit 12/24/2099",
        },
        {
            trigger: ".modal .o_radio_item:contains('Tour: reopening') label",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "it stands on the customer",
            trigger: "body:not(:has(.modal)) button[name=action_open_signals]",
        },
    ],
});

/** The seller takes a chance from the board, and has an opportunity for it. */
registry.category("web_tour.tours").add("radio_signal_tour", {
    steps: () => [
        {
            content: "a level is near, with the sentence for the call",
            trigger:
                ".o_kanban_record:contains('Tour: optician'):contains('501'):contains('Please check with scheduling') button[name=action_accept]",
            run: "click",
        },
        {
            content: "the opportunity",
            trigger: ".o_form_view button[name=action_set_won_rainbowman]",
        },
    ],
});

/** Media service publishes what works: first who will get it, then everybody hears. */
registry.category("web_tour.tours").add("radio_insight_tour", {
    steps: () => [
        {
            content: "who will get it",
            trigger: "button[name=action_show_matches].oe_stat_button:contains('2')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour: second')",
        },
        {
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Published')",
        },
        {
            content: "shown at the sales meeting",
            trigger: "button[name=action_presented]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=presented_on]",
        },
    ],
});

/** While ticking off a call: what the customer told is noted down with what was typed. */
registry.category("web_tour.tours").add("radio_activity_event_tour", {
    steps: () => [
        {
            trigger: ".o-mail-Activity .o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone textarea",
            run: "edit They rebuild in spring",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[name=heard_something]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=event_date] input, .modal .o_field_widget[name=event_date] button",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=event_date] input",
            run: "edit 12/24/2099",
        },
        {
            trigger: ".modal .o_radio_item:contains('Tour: reopening') label",
            run: "click",
        },
        {
            content: "a colleague has heard of it, too",
            trigger: ".modal .alert:contains('noted this down')",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
