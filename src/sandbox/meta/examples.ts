/** Requests that fit the parameter pages: a purchase of a shopper in California, an add to cart, a page view. */
export const PURCHASE = {
  data: [
    {
      event_name: 'Purchase',
      event_time: 1795341600,
      action_source: 'website',
      event_id: 'purchase-6001234567890',
      event_source_url: 'https://shop.example.com/checkouts/thank_you',
      referrer_url: 'https://www.facebook.com/',
      user_data: {
        em: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
        ph: ['11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51'],
        fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
        ln: ['86d40fb71b08a94b479e19533a820d32c35594ac3297c09815e6dddd61c14a8a'],
        ct: ['fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59'],
        st: ['6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
        zp: ['b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
        country: ['79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
        external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        fbc: 'fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9',
        fbp: 'fb.1.1795255200000.1098115397',
      },
      custom_data: {
        currency: 'USD',
        value: 129.9,
        order_id: '6001234567890',
        num_items: 3,
        content_type: 'product',
        content_ids: ['shopify_US_7890123456789_44112233445566', 'shopify_US_7890123456790_44112233445577'],
        contents: [
          {
            id: 'shopify_US_7890123456789_44112233445566',
            quantity: 2,
            item_price: 49.95,
          },
          {
            id: 'shopify_US_7890123456790_44112233445577',
            quantity: 1,
            item_price: 30,
          },
        ],
      },
      data_processing_options: ['LDU'],
      data_processing_options_country: 1,
      data_processing_options_state: 1000,
    },
  ],
  partner_agent: 'examplehub-1.0',
}

export const ADD_TO_CART = {
  data: [
    {
      event_name: 'AddToCart',
      event_time: 1795341000,
      action_source: 'website',
      event_id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
      event_source_url: 'https://shop.example.com/products/linen-shirt',
      user_data: {
        external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        fbc: 'fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9',
        fbp: 'fb.1.1795255200000.1098115397',
      },
      custom_data: {
        currency: 'USD',
        value: 99.9,
        content_type: 'product',
        content_ids: ['shopify_US_7890123456789_44112233445566'],
        contents: [
          {
            id: 'shopify_US_7890123456789_44112233445566',
            quantity: 2,
            item_price: 49.95,
          },
        ],
      },
      data_processing_options: [],
    },
  ],
}

export const PAGE_VIEW = {
  data: [
    {
      event_name: 'PageView',
      event_time: 1795340700,
      action_source: 'website',
      event_id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
      event_source_url: 'https://shop.example.com/',
      user_data: {
        client_ip_address: '203.0.113.42',
        client_user_agent:
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        fbp: 'fb.1.1795255200000.1098115397',
      },
      data_processing_options: [],
    },
  ],
}
