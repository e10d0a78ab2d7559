/** Requests that were checked against the OpenAPI file 5.23.0: a purchase, an add to cart, an anonymous page view. */
export const PURCHASE = {
  data: [
    {
      event_name: 'checkout',
      action_source: 'web',
      event_time: 1795341600,
      event_id: 'checkout-6001234567890',
      event_source_url: 'https://shop.example.com/checkouts/thank_you?epik=dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      opt_out: false,
      partner_name: 'direct',
      language: 'en',
      user_data: {
        em: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
        ph: ['11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51'],
        fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
        ln: ['2cbc33dc68c765d29778f4f8157bc9a96955386e9ff6deeeca0ec9482ca8f0f8'],
        ct: ['fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59'],
        st: ['6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
        zp: ['b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
        country: ['79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
        external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        click_id: 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      },
      custom_data: {
        currency: 'USD',
        value: '129.90',
        order_id: '6001234567890',
        num_items: 3,
        content_ids: ['shopify_US_7890123456789_44112233445566', 'shopify_US_7890123456790_44112233445577'],
        contents: [
          {
            id: 'shopify_US_7890123456789_44112233445566',
            item_name: 'Linen Shirt',
            item_price: '49.95',
            quantity: 2,
            item_brand: 'Example',
          },
          {
            id: 'shopify_US_7890123456790_44112233445577',
            item_name: 'Canvas Bag',
            item_price: '30.00',
            quantity: 1,
          },
        ],
      },
    },
  ],
}

export const ADD_TO_CART = {
  data: [
    {
      event_name: 'add_to_cart',
      action_source: 'web',
      event_time: 1795341000,
      event_id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
      event_source_url: 'https://shop.example.com/products/linen-shirt?epik=dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      partner_name: 'direct',
      user_data: {
        external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        click_id: 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      },
      custom_data: {
        currency: 'USD',
        value: '99.90',
        num_items: 2,
        content_ids: ['shopify_US_7890123456789_44112233445566'],
        contents: [
          {
            id: 'shopify_US_7890123456789_44112233445566',
            item_price: '49.95',
            quantity: 2,
          },
        ],
      },
    },
  ],
}

export const PAGE_VISIT = {
  data: [
    {
      event_name: 'page_visit',
      action_source: 'web',
      event_time: 1795340700,
      event_id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
      event_source_url: 'https://shop.example.com/?epik=dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      partner_name: 'direct',
      user_data: {
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        click_id: 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
      },
    },
  ],
}
