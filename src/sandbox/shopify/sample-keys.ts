/** Key sets of Shopify's reference samples (webhooks of API 2026-07, web pixel types 2.18.0), one object a line. */
export const SAMPLE_KEYS = {
  order:
    'admin_graphql_api_id app_id billing_address browser_ip buyer_accepts_marketing cancel_reason cancelled_at cart_token checkout_token client_details closed_at confirmation_number confirmed contact_email created_at currency current_shipping_price_set current_subtotal_price current_subtotal_price_set current_total_additional_fees_set current_total_discounts current_total_discounts_set current_total_duties_set current_total_price current_total_price_set current_total_tax current_total_tax_set customer customer_locale device_id discount_applications discount_codes duties_included email estimated_taxes financial_status fulfillment_status fulfillments id landing_site landing_site_ref line_item_groups line_items location_id merchant_business_entity_id merchant_of_record_app_id name note note_attributes number order_number order_status_url original_total_additional_fees_set original_total_duties_set payment_gateway_names payment_terms phone po_number presentment_currency processed_at reference referring_site refunds returns shipping_address shipping_lines source_identifier source_name source_url subtotal_price subtotal_price_set tags tax_exempt tax_lines taxes_included test token total_cash_rounding_payment_adjustment_set total_cash_rounding_refund_adjustment_set total_discounts total_discounts_set total_line_items_price total_line_items_price_set total_outstanding total_price total_price_set total_shipping_price_set total_tax total_tax_set total_tip_received total_weight updated_at user_id',
  'order customer':
    'admin_graphql_api_id created_at currency default_address email first_name id last_name multipass_identifier note phone state tax_exempt tax_exemptions updated_at verified_email',
  'order default address':
    'address1 address2 city company country country_code country_name customer_id default first_name id last_name name phone province province_code zip',
  'order address':
    'address1 address2 city company country country_code first_name last_name latitude longitude name phone province province_code zip',
  'order client details': 'accept_language browser_height browser_ip browser_width session_hash user_agent',
  'order line':
    'admin_graphql_api_id attributed_staffs current_quantity discount_allocations duties fulfillable_quantity fulfillment_service fulfillment_status gift_card grams id name price price_set product_exists product_id properties quantity requires_shipping sales_line_item_group_id sku tax_lines taxable title total_discount total_discount_set variant_id variant_inventory_management variant_title vendor',
  'order line discount': 'amount amount_set discount_application_index',
  'order shipping line':
    'carrier_identifier code current_discounted_price_set discount_allocations discounted_price discounted_price_set id is_removed phone price price_set requested_fulfillment_service_id source tax_lines title',
  'order discount code': 'amount code type',
  'order discount application': 'allocation_method code target_selection target_type type value value_type',
  checkout:
    'abandoned_checkout_url billing_address buyer_accepts_marketing buyer_accepts_sms_marketing cart_token closed_at completed_at created_at currency customer customer_locale device_id discount_codes email gateway landing_site line_items location_id name note note_attributes phone presentment_currency referring_site reservation_token shipping_address shipping_lines sms_marketing_phone source source_identifier source_name source_url subtotal_price tax_lines taxes_included token total_discounts total_duties total_line_items_price total_price total_tax total_weight updated_at user_id',
  'checkout line':
    'applied_discounts compare_at_price destination_location_id discount_allocations fulfillment_service gift_card grams key line_price origin_location_id presentment_title presentment_variant_title price product_id properties quantity rank requires_shipping sku tax_lines taxable title unit_price_measurement user_id variant_id variant_price variant_title vendor',
  'checkout unit price': 'measured_type quantity_unit quantity_value reference_unit reference_value',
  cart: 'created_at id line_items note token updated_at',
  'cart line':
    'discounted_price discounted_price_set discounts gift_card grams id key line_price line_price_set original_line_price original_line_price_set original_price parent_relationship price price_set product_id properties quantity sku taxable title total_discount total_discount_set variant_id vendor',
  refund:
    'admin_graphql_api_id created_at duties id note order_adjustments order_id processed_at refund_line_items refund_shipping_lines restock return total_duties_set transactions user_id',
  'refund line':
    'id line_item line_item_id location_id quantity restock_type subtotal subtotal_set total_tax total_tax_set',
  'refund line item':
    'admin_graphql_api_id discount_allocations duties fulfillable_quantity fulfillment_service fulfillment_status gift_card grams id name price price_set product_exists product_id properties quantity requires_shipping sku tax_lines taxable title total_discount total_discount_set variant_id variant_inventory_management variant_title vendor',
  'refund shipping line': 'id shipping_line subtotal_amount_set tax_amount_set',
  'refund transaction':
    'admin_graphql_api_id amount amount_rounding authorization created_at currency device_id error_code gateway id kind location_id manual_payment_gateway message order_id parent_id payment_id processed_at receipt source_name status test total_unsettled_set user_id',
  'pixel checkout':
    'attributes billingAddress buyerAcceptsEmailMarketing buyerAcceptsSmsMarketing currencyCode delivery discountApplications discountsAmount email lineItems localization order phone shippingAddress shippingLine smsMarketingPhone subtotalPrice token totalPrice totalTax transactions',
  'pixel line': 'discountAllocations finalLinePrice id properties quantity sellingPlanAllocation title variant',
  'pixel variant': 'id image price product sku title untranslatedTitle',
  'pixel product': 'id title type untranslatedTitle url vendor',
  'pixel address': 'address1 address2 city country countryCode firstName lastName phone province provinceCode zip',
  'pixel order': 'customer id',
  'pixel delivery option': 'cost costAfterDiscounts description handle title type',
  'pixel transaction': 'amount gateway paymentMethod',
} as const
