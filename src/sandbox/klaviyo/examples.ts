/** The worked bodies of the platform's sheet, unchanged. */

export const PLACED_ORDER = {
  data: {
    type: 'event',
    attributes: {
      unique_id: '4468f24b-e4c9-5355-adfc-c4c53a41d6f8',
      time: '2026-11-20T14:03:22Z',
      value: 84.9,
      value_currency: 'EUR',
      metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
      profile: {
        data: {
          type: 'profile',
          attributes: {
            email: 'john.smith+promo@example.com',
            phone_number: '+442079460958',
            external_id: '7654321',
            first_name: 'John',
            last_name: 'Smith',
            location: { city: 'London', country: 'United Kingdom', zip: 'SW1A 1AA' },
          },
        },
      },
      properties: {
        OrderId: '5551234567890',
        ItemNames: ['Linen shirt'],
        DiscountCode: 'HELLO',
        DiscountValue: 5.1,
        Items: [
          {
            ProductID: '111',
            SKU: 'LS-M',
            ProductName: 'Linen shirt',
            Quantity: 2,
            ItemPrice: 45,
            RowTotal: 90,
            ProductURL: 'https://shop.example/products/linen-shirt',
          },
        ],
      },
    },
  },
}

export const ORDERED_PRODUCTS = {
  data: {
    type: 'event-bulk-create-job',
    attributes: {
      'events-bulk-create': {
        data: [
          {
            type: 'event-bulk-create',
            attributes: {
              profile: { data: { type: 'profile', attributes: { email: 'john.smith+promo@example.com' } } },
              events: {
                data: [
                  {
                    type: 'event',
                    attributes: {
                      unique_id: '84dd7d78-d233-5c8f-9d29-69b18574f5ad',
                      time: '2026-11-20T14:03:22Z',
                      value: 90,
                      value_currency: 'EUR',
                      metric: { data: { type: 'metric', attributes: { name: 'Ordered Product' } } },
                      properties: {
                        OrderId: '5551234567890',
                        ProductID: '111',
                        SKU: 'LS-M',
                        ProductName: 'Linen shirt',
                        Quantity: 2,
                      },
                    },
                  },
                  {
                    type: 'event',
                    attributes: {
                      unique_id: 'shopify:order:5551234567890:line:13330000000002:ordered',
                      time: '2026-11-20T14:03:22Z',
                      value: 0,
                      value_currency: 'EUR',
                      metric: { data: { type: 'metric', attributes: { name: 'Ordered Product' } } },
                      properties: {
                        OrderId: '5551234567890',
                        ProductID: '999',
                        ProductName: 'Free sample',
                        Quantity: 1,
                      },
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    },
  },
}

export const REFUNDED_ORDER = {
  data: {
    type: 'event',
    attributes: {
      unique_id: 'cfe9ea2e-1c46-5dee-972c-0edf6a6a803a',
      time: '2026-11-22T09:10:00Z',
      value: 40,
      value_currency: 'EUR',
      metric: { data: { type: 'metric', attributes: { name: 'Refunded Order' } } },
      profile: { data: { type: 'profile', attributes: { email: 'john.smith+promo@example.com' } } },
      properties: {
        OrderId: '5551234567890',
        Reason: 'size',
        Items: [{ ProductID: '111', Quantity: 1, RowTotal: 40 }],
      },
    },
  },
}

export const VIEWED_PRODUCT = {
  data: {
    type: 'event',
    attributes: {
      unique_id: 'evt_01JD0000000000000000000001',
      time: '2026-11-20T13:58:00Z',
      metric: { data: { type: 'metric', attributes: { name: 'Viewed Product' } } },
      profile: { data: { type: 'profile', attributes: { _kx: 'EXAMPLEexchangeid.AbC123' } } },
      properties: {
        ProductName: 'Linen shirt',
        ProductID: '111',
        Price: 45,
        URL: 'https://shop.example/products/linen-shirt',
      },
    },
  },
}
