// The worked bodies of the sheet, unchanged.

export const VIEW_ITEM = {
  version: 'acme_criteo_1.0.0',
  site_type: 'm',
  account: '12345',
  id: { mapping_key: '678', mapped_user_id: 'k-EXAMPLEgumid_01' },
  ip: '203.0.113.7',
  useragent: 'Mozilla/5.0 (iPhone)',
  full_url: 'https://shop.example/products/linen-shirt',
  previous_url: 'https://shop.example/',
  retailer_visitor_id: 'v_01JD00000000000000000000',
  country: 'FR',
  language: 'fr',
  events: [{ event: 'viewItem', timestamp: 1795183080, item: ['shopify_FR_111_222'] }],
}

export const TRACK_TRANSACTION = {
  version: 'acme_criteo_1.0.0',
  site_type: 'd',
  account: '12345',
  id: {
    mapping_key: '678',
    mapped_user_id: 'k-EXAMPLEgumid_01',
    email: {
      md5: 'ac6a7cd52c600482be96c58f41e16632',
      sha256: 'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613',
      sha256_md5: '264869bacb7183036659fc42a62637bcba1da83becc519475dfd9e83cd7fbbf6',
    },
  },
  customer_id: 'fe68a21fc76bba7b3a3d8e454eca8cd258de68fd08dddf035f23ddbdce6fc049',
  ip: '203.0.113.7',
  useragent: 'Mozilla/5.0',
  country: 'FR',
  language: 'fr',
  events: [
    {
      event: 'trackTransaction',
      timestamp: '2026-11-20T14:03:22Z',
      id: '5551234567890',
      currency: 'EUR',
      item: [{ id: 'shopify_FR_111_222', price: 45, quantity: 2 }],
      deduplication_page_view_id: 'pv_8c1f0a52',
    },
  ],
}

/** Through S2S v2; it goes to MAPPED_PATH. */
export const MAPPED_ADD_TO_CART = {
  partner_id: '12345',
  version: 'acme_s2sv2_1.0.0',
  an: 'com.acme.sgtm',
  cn: 'FR',
  ln: 'fr',
  event_name: 'add_to_cart',
  currency: 'EUR',
  items: [{ item_id: 'shopify_FR_111_222', price: 45, quantity: 1 }],
}

export const MAPPED_PATH =
  '/fpm/event?mappingId=com.acme.sgtm.add_to_cart&first_party_id=fpid-1763800000123-482913&first_party_domain=shop.example'
