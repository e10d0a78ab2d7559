import { describeDestination } from '../contract.ts'
import { examples } from './examples.ts'
import { pinterest } from './pinterest.ts'

describeDestination(pinterest, examples)
