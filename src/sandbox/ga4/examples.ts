/** The refund of the sheet: 40 of a purchase of 84.90. */
export const REFUND = {
  client_id: '1234567890.1763800000',
  timestamp_micros: 1795183402000000,
  consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
  events: [
    {
      name: 'refund',
      params: {
        transaction_id: 'SHOP-5551234567890',
        currency: 'EUR',
        value: 40.0,
        session_id: 1763812345,
        engagement_time_msec: 1,
        items: [{ item_id: '222', item_name: 'Linen shirt', price: 40.0, quantity: 1 }],
      },
    },
  ],
}
