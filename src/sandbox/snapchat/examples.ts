/** Worked requests: a purchase with all that is known, an anonymous add to cart in test mode, a limited page view. */
export const PURCHASE = {
  data: [
    {
      event_name: 'PURCHASE',
      event_time: 1795176000,
      event_id: 'purchase-5550001112223',
      action_source: 'WEB',
      event_source_url: 'https://shop.example/checkouts/cn/abc/thank-you',
      user_data: {
        em: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
        ph: ['1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830'],
        fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
        ln: ['799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
        ct: ['8760663bb25fa79f35c2c14fb9c6bcbe444a8c938491cd24fe684a7056c9dbc4'],
        st: ['6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
        zp: ['b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c'],
        country: ['79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
        client_ip_address: '203.0.113.7',
        client_user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
        sc_click_id: 'b3f1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
        sc_cookie1: '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6',
      },
      custom_data: {
        currency: 'USD',
        value: 145.5,
        order_id: '5550001112223',
        num_items: 3,
        content_type: 'product',
        content_ids: ['44001112223334', '44001112223335'],
        contents: [
          { id: '44001112223334', quantity: '2', item_price: '60.00' },
          { id: '44001112223335', quantity: '1', item_price: '25.50' },
        ],
      },
    },
  ],
}

export const ADD_CART = {
  test_event_code: 'SNAPTEST123',
  data: [
    {
      event_name: 'ADD_CART',
      event_time: 1795175400,
      event_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
      action_source: 'WEB',
      event_source_url: 'https://shop.example/products/trail-shoe?ScCid=b3f1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
      user_data: {
        client_ip_address: '203.0.113.7',
        client_user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
        sc_click_id: 'b3f1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
        sc_cookie1: '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6',
      },
      custom_data: {
        currency: 'USD',
        value: 120,
        num_items: 2,
        content_ids: ['44001112223334'],
        contents: [{ id: '44001112223334', quantity: '2', item_price: '60.00' }],
      },
    },
  ],
}

export const PAGE_VIEW = {
  data: [
    {
      event_name: 'PAGE_VIEW',
      event_time: 1795175100,
      event_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
      action_source: 'WEB',
      event_source_url: 'https://shop.example/',
      data_processing_options: ['LDU'],
      data_processing_options_country: 1,
      data_processing_options_state: 1000,
      user_data: {
        client_ip_address: '203.0.113.7',
        client_user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
        sc_cookie1: '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6',
      },
    },
  ],
}
