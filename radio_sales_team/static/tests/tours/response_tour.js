import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

/**
 * The first morning of the back office: find the inquiry that is overdue, take it, log the
 * call, see that it is answered.
 */
registry.category("web_tour.tours").add("radio_response_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "CRM opens on the inquiries, not on an empty pipeline",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "the most urgent inquiry stands first, and says so in words",
            trigger:
                ".o_list_view .o_data_row:first:contains('Tour: overdue') .badge:contains('Overdue by')",
        },
        {
            content: "I'll take it",
            trigger: ".o_data_row:contains('Tour: overdue') button[name=action_take]",
            run: "click",
        },
        {
            content: "the inquiry is mine",
            trigger:
                ".o_data_row:contains('Tour: overdue'):not(:has(button[name=action_take])) .o_field_widget[name=back_office_user_id]:contains('Jana')",
        },
        {
            content: "log the call",
            trigger: ".o_data_row:contains('Tour: overdue') button[name=action_log_contact]",
            run: "click",
        },
        {
            content: "what was said",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Wants twenty spots in March",
        },
        {
            content: "one save",
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            content: "it waits no more",
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains('Tour: overdue'))) .o_data_row:contains('Tour: fresh')",
        },
        {
            content: "look at all inquiries",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "it is answered, late",
            trigger: ".o_data_row:contains('Tour: overdue') .badge:contains('Late, after')",
        },
        {
            content: "open it",
            trigger: ".o_data_row:contains('Tour: overdue') .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "the form says who answered",
            trigger: ".o_form_view div[name=sla_badge]:contains('Jana'):contains('Phone')",
        },
        {
            content: "the attempts, and what was said",
            trigger: "a[name=contact_attempts]",
            run: "click",
        },
        {
            content: "correct it: nobody was reached after all",
            trigger:
                ".o_field_widget[name=contact_attempt_ids] .o_data_row:contains('twenty spots') button[name=action_switch_outcome]:visible",
            run: "click",
        },
        {
            content: "the badge follows",
            trigger: ".o_form_view div[name=sla_badge] .badge:contains('Tried late')",
        },
    ],
});

/** The same work from the pipeline: a caller typed in, the card, the button on it. */
registry.category("web_tour.tours").add("radio_response_kanban_tour", {
    url: "/odoo/action-radio_sales_team.crm_lead_action_inquiry",
    steps: () => [
        {
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "the cards are there",
            trigger: ".o_kanban_record:contains('Tour: another')",
        },
        {
            content: "a caller",
            trigger: ".o_opportunity_kanban .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input",
            run: "edit Tour: caller",
        },
        {
            content: "came in by phone",
            trigger: ".o_kanban_quick_create .o_field_widget[name=inquiry_channel] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Phone')",
            run: "click",
        },
        {
            content: "wants to be called back",
            trigger: ".o_kanban_quick_create .o_field_widget[name=call_back_wanted] input",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_kanban_add",
            run: "click",
        },
        {
            content: "the card has the time that is left, and the button",
            trigger:
                ".o_kanban_record:contains('Tour: caller'):has(.badge:contains(/left|until/)) button[name=action_log_contact]",
            run: "click",
        },
        {
            content: "not reached",
            trigger: ".modal .o_field_widget[name=outcome] label:contains('Not reached')",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            content: "the card says that somebody tried",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/** A planned call that reached nobody: one click, and it is recorded as such. */
registry.category("web_tour.tours").add("radio_call_activity_tour", {
    steps: () => [
        {
            trigger: ".o-mail-Activity .o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone textarea",
            run: "edit Engaged twice",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[name=not_reached]",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Engaged twice')",
        },
    ],
});
