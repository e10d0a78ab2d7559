/** Worked requests: a purchase with all that is known, an anonymous add to cart in test mode, a limited page view. */
export const PURCHASE = {
  event_source: 'web',
  event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
  data: [
    {
      event: 'Purchase',
      event_time: 1795176000,
      event_id: 'purchase-5550001112223',
      limited_data_use: false,
      page: { url: 'https://shop.example/checkouts/cn/abc/thank-you', referrer: 'https://shop.example/cart' },
      user: {
        email: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
        phone: ['9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
        external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
        first_name: '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2',
        last_name: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
        zip_code: 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c',
        city: 'losangeles',
        state: 'ca',
        country: 'us',
        ttclid: 'E.C.P.ExampleClickIdValue0123456789',
        ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH',
        ip: '203.0.113.7',
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
        locale: 'en-US',
      },
      properties: {
        content_type: 'product',
        contents: [
          {
            content_id: '44001112223334',
            content_name: 'Trail Shoe',
            content_category: 'Shoes',
            brand: 'Acme',
            price: 60,
            quantity: 2,
          },
          {
            content_id: '44001112223335',
            content_name: 'Wool Sock',
            content_category: 'Socks',
            brand: 'Acme',
            price: 25.5,
            quantity: 1,
          },
        ],
        num_items: 3,
        currency: 'USD',
        value: 145.5,
        order_id: '5550001112223',
      },
    },
  ],
}

export const ADD_TO_CART = {
  event_source: 'web',
  event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
  test_event_code: 'TEST12345',
  data: [
    {
      event: 'AddToCart',
      event_time: 1795175400,
      event_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
      page: { url: 'https://shop.example/products/trail-shoe' },
      user: {
        ttclid: 'E.C.P.ExampleClickIdValue0123456789',
        ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH',
        ip: '203.0.113.7',
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
      },
      properties: {
        content_type: 'product',
        contents: [{ content_id: '44001112223334', content_name: 'Trail Shoe', price: 60, quantity: 2 }],
        currency: 'USD',
        value: 120,
      },
    },
  ],
}

export const PAGE_VIEW = {
  event_source: 'web',
  event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
  data: [
    {
      event: 'PageView',
      event_time: 1795175100,
      event_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
      limited_data_use: true,
      page: { url: 'https://shop.example/', referrer: 'https://www.tiktok.com/' },
      user: {
        ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH',
        ip: '203.0.113.7',
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
      },
    },
  ],
}
