import * as eventstore from '@eventstore/db-client';
import { judge } from './kit/judge.js';

judge('@eventstore/db-client', {
  ...eventstore,
  connect: (address) => eventstore.EventStoreDBClient.connectionString(`esdb://${address}?tls=false`),
  filtersReads: false,
  expecting: (expectedRevision) => ({ expectedRevision }),
});
