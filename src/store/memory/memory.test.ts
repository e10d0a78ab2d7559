import { describeStore } from '../conformance.ts'
import { openMemory } from './memory.ts'

describeStore('memory', async () => openMemory())
