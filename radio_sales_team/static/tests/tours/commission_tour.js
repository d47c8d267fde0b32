import {registry} from "@web/core/registry";

/** The commission manager tries a plan out, and approves it. */
registry.category("web_tour.tours").add("radio_commission_plan_tour", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('Try it out')",
            run: "click",
        },
        {
            content: "the seller's 10 % of 1,000",
            trigger: ".modal .o_data_row:contains('Seller'):contains('100.00')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Approved')",
        },
    ],
});

/** The seller says that scheduling helped, before the deal is won. */
registry.category("web_tour.tours").add("radio_contribution_tour", {
    steps: () => [
        {
            trigger: ".o_notebook a[name=contributions]",
            run: "click",
        },
        {
            trigger: "button[name=action_propose_contribution]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=user_id] input",
            run: "edit Jana",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Jana')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=role_id] input",
            run: "edit Scheduling",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Scheduling')",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary, .modal .o_form_button_save",
            run: "click",
        },
        {
            content: "what the salesperson proposed, somebody else confirms",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=contribution_ids] .o_data_row:contains('Jana'):not(:has(button[name=action_confirm]))",
        },
        {
            content: "what a colleague proposed, the salesperson does",
            trigger:
                ".o_field_widget[name=contribution_ids] .o_data_row:contains('Otto') button[name=action_confirm]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=contribution_ids] .o_data_row:contains('Otto'):contains('Confirmed')",
        },
        {
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Won')",
        },
    ],
});

/** The commission manager closes a month: two buttons. */
registry.category("web_tour.tours").add("radio_commission_close_tour", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains('January 2026') button[name=action_prepare]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('January 2026') button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('January 2026'):contains('Closed')",
        },
    ],
});

/** The seller reads the statement, and says what is wrong with it. */
registry.category("web_tour.tours").add("radio_commission_dispute_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('January 2026') .o_data_cell:first",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_data_row:contains('Spring'):contains('100.00')",
        },
        {
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "having seen it ends no right",
            trigger:
                ".o_arrow_button_current:contains('Seen')",
        },
        {
            trigger: "button[name=action_dispute]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit The base was 1,200",
        },
        {
            trigger: ".modal footer button[name=action_send]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=dispute]:contains('The base was 1,200')",
        },
    ],
});
