// The worked bodies of the sheet, unchanged.

const AGENT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15'
const UUID = '1795170000000.7c73e5ee-c0ac-4eca-a8bc-84c2d1ad5d2b'

export const PURCHASE = {
  data: {
    events: [
      {
        event_at: 1795176000000,
        action_source: 'WEBSITE',
        event_source_url: 'https://shop.example/checkouts/cn/abc/thank-you',
        click_id: '7231234567890123456',
        type: { tracking_type: 'PURCHASE' },
        metadata: {
          conversion_id: 'purchase-5550001112223',
          order_id: '5550001112223',
          currency: 'USD',
          value: 145.5,
          item_count: 3,
          products: [
            { id: '44001112223334', name: 'Trail Shoe', category: 'Shoes', quantity: 2, item_price: 60 },
            { id: '44001112223335', name: 'Wool Sock', category: 'Socks', quantity: 1, item_price: 25.5 },
          ],
        },
        user: {
          email: 'c4d25e9c90ff23e9145397bc6fbd5385ca5fbe78211222ccbecd0b369ebb19a6',
          phone_number: '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd',
          external_id: '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
          ip_address: '203.0.113.7',
          user_agent: AGENT,
          uuid: UUID,
        },
      },
    ],
  },
}

export const ADD_TO_CART = {
  data: {
    test_id: 'example-test-id-from-event-testing',
    events: [
      {
        event_at: 1795175400000,
        action_source: 'WEBSITE',
        event_source_url: 'https://shop.example/products/trail-shoe?rdt_cid=7231234567890123456',
        type: { tracking_type: 'ADD_TO_CART' },
        metadata: {
          conversion_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
          currency: 'USD',
          value: 120,
          item_count: 2,
          products: [{ id: '44001112223334', name: 'Trail Shoe', quantity: 2, item_price: 60 }],
        },
        user: { ip_address: '203.0.113.7', user_agent: AGENT, uuid: UUID },
      },
    ],
  },
}

export const PAGE_VISIT = {
  data: {
    events: [
      {
        event_at: 1795175100000,
        action_source: 'WEBSITE',
        event_source_url: 'https://shop.example/',
        referrer_url: 'https://www.reddit.com/',
        type: { tracking_type: 'PAGE_VISIT' },
        metadata: { conversion_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11' },
        user: {
          ip_address: '203.0.113.7',
          user_agent: AGENT,
          uuid: UUID,
          data_processing_options: { modes: ['LDU'], country: 'US', region: 'US-CA' },
        },
      },
    ],
  },
}
