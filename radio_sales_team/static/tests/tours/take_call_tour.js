import {registry} from "@web/core/registry";

const takeCall = [
    {
        content: "the phone rings",
        trigger: ".o_control_panel button:contains('Take call')",
        run: "click",
    },
];

/** Somebody whom nobody knows: typed in right there, a call-back promised, one save. */
registry.category("web_tour.tours").add("radio_take_call_unknown_tour", {
    steps: () => [
        ...takeCall,
        {
            content: "without a name or a number it is refused",
            trigger: ".modal .o_field_widget[name=note] textarea:visible",
            run: "edit Spots for the opening",
        },
        {
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            trigger: ".modal:contains('name or number') footer button.btn-primary",
            run: "click",
        },
        {
            content: "what was typed is still there",
            trigger: ".modal .o_field_widget[name=note] textarea:visible:value('Spots for the opening')",
        },
        {
            content: "nobody of that name",
            trigger: ".modal .o_field_widget[name=caller_id] input",
            run: "edit Tour Pfefferkorn, 0431 998877",
        },
        {
            content: "what was typed need not be typed again",
            trigger:
                ".modal .o_field_widget[name=caller_id] .o_m2o_dropdown_option_create",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=caller_name] input:value('Tour Pfefferkorn')",
        },
        {
            trigger: ".modal .o_field_widget[name=caller_phone] input:value('0431 998877')",
        },
        {
            content: "call back today",
            trigger: ".modal .o_field_widget[name=next_step] label:contains('Call back')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=next_time] input",
        },
        {
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            content: "saved, and said so",
            trigger: "body:not(:has(.modal)) .o_notification:contains('Spots for the opening')",
        },
    ],
});

/** A customer with an open inquiry: found, chosen by itself, nobody there, next try. */
registry.category("web_tour.tours").add("radio_take_call_known_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour: spring campaign')",
        },
        ...takeCall,
        {
            trigger: ".modal .o_field_widget[name=caller_id] input",
            run: "edit brandt",
        },
        {
            content: "found, with what is known",
            trigger: ".modal .o_field_widget[name=caller_id] .dropdown-item:contains('Frank Brandt')",
            run: "click",
        },
        {
            content: "the card, and the only open inquiry chosen",
            trigger:
                ".modal .o_field_widget[name=caller_card]:contains('Tour: spring campaign')",
        },
        {
            trigger: ".modal .o_field_widget[name=lead_id] input:checked",
        },
        {
            content: "nobody there",
            trigger: ".modal .o_field_widget[name=outcome] label:contains('Not reached')",
            run: "click",
        },
        {
            content: "the next try is proposed",
            trigger: ".modal .o_field_widget[name=next_step] .o_radio_item:has(input:checked) label:contains('Next try')",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea:visible",
            run: "edit Only the mailbox",
        },
        {
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            content: "the list behind it knows",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
