import {
  Button,
  Fieldset,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlugConnected } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import {
  type ConnectionSettings,
  type DestinationForm,
  problemKey,
  Refused,
  type SampleProduct,
  type SettingField,
  type Settings,
  useSampleProduct,
  useTestSettings,
} from '../api.ts'
import { EVENT_LABELS, eventLabel, T } from '../texts.ts'
import { Tested, Told } from './told.tsx'

type Value = Settings[string]
type Stored = ConnectionSettings['values']

/** More choices than this go into a list that opens. */
const FEW = 3
/** Letters that fit side by side on a phone. */
const SHORT = 24

/** A platform's settings, drawn from its own schema. The same form connects and edits. */
export const SettingsForm = ({
  shop,
  destination,
  stored,
  save,
  saveLabel,
  extra,
}: {
  readonly shop: string
  readonly destination: DestinationForm
  /** The connection that is edited: its values, and which secrets it has. */
  readonly stored?: { readonly id: number; readonly values: Stored; readonly secretsKept: readonly string[] }
  readonly save: {
    readonly mutate: (settings: Settings, anyway?: boolean) => void
    readonly isPending: boolean
    readonly error: Error | null
  }
  readonly saveLabel: string
  readonly extra?: ReactNode
}) => {
  const [values, setValues] = useState(() => initialOf(destination.fields, stored?.values))
  const test = useTestSettings(shop)
  const sample = useSampleProduct(shop)
  const problems = { ...problemsOf(test.error), ...problemsOf(save.error) }

  const form = useFirstWrong(save.error ?? test.error)

  const draw = (field: SettingField) => (
    <div key={field.name} data-wrong={problemIn(field, problems) || undefined}>
      <Field
        field={field}
        value={values[field.name]}
        kept={stored?.secretsKept.includes(field.name) ?? false}
        problems={problems}
        note={field.template === undefined ? undefined : catalogSample(values, sample.data)}
        change={(value) => {
          setValues((before) => ({ ...before, [field.name]: value }))
          test.reset()
        }}
      />
    </div>
  )
  const plain = destination.fields.filter((field) => !field.advanced)
  const advanced = destination.fields.filter((field) => field.advanced)
  const troubled = advanced.some((field) => problemIn(field, problems))

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(submit) => {
        submit.preventDefault()
        save.mutate(values)
      }}
    >
      <Stack gap="md">
        {plain.map(draw)}
        {advanced.length > 0 ? (
          <details open={troubled || undefined}>
            <summary>{T.advanced}</summary>
            <Stack gap="md" mt="md">
              {advanced.map(draw)}
            </Stack>
          </details>
        ) : null}
        <Tested test={test} />
        {save.error ? <Told state="dead">{save.error.message}</Told> : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {saveLabel}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} />}
            loading={test.isPending}
            onClick={() =>
              test.mutate({
                destination: destination.slug,
                settings: values,
                ...(stored === undefined ? {} : { connection: stored.id }),
              })
            }
          >
            {T.test}
          </Button>
          {save.error instanceof Refused && save.error.byPlatform ? (
            <Button variant="default" disabled={save.isPending} onClick={() => save.mutate(values, true)}>
              {T.saveAnyway}
            </Button>
          ) : null}
          {extra}
        </Group>
      </Stack>
    </form>
  )
}

type Problems = Readonly<Record<string, string>>

const problemsOf = (error: Error | null): Problems => (error instanceof Refused ? error.problems : {})

const problemIn = ({ name, kind, choices = [] }: SettingField, problems: Problems): boolean =>
  problems[name] !== undefined ||
  (kind === 'record' && choices.some(({ value }) => problems[problemKey({ field: name, part: value })] !== undefined))

/** After a refusal brings the first wrong field into sight, and the keyboard to it. */
const useFirstWrong = (refusal: Error | null) => {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refusal === null) return
    const field = form.current?.querySelector('[data-wrong]')
    const box = field?.querySelector('[aria-invalid="true"]') ?? field?.querySelector('input, textarea')
    if (!(box instanceof HTMLElement)) return
    box.focus({ preventScroll: true })
    box.scrollIntoView({ block: 'center' })
  }, [refusal])
  return form
}

/** What the form begins with: what is stored, else the schema's default. */
const initialOf = (fields: readonly SettingField[], stored: Stored | undefined): Settings => {
  const values: Settings = {}
  for (const { name, initial } of fields) {
    const value = stored?.[name] ?? initial
    if (value !== undefined) values[name] = copied(value)
  }
  return values
}

const Field = ({
  field,
  value,
  kept,
  problems,
  note,
  change,
}: {
  readonly field: SettingField
  readonly value: Value | undefined
  readonly kept: boolean
  readonly problems: Problems
  readonly note: string | undefined
  readonly change: (value: Value) => void
}) => {
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const text = typeof value === 'string' ? value : ''
  const problem = problems[field.name]
  const common = {
    label: field.label,
    description: field.help,
    error: problem,
    required: field.required && !kept,
  }
  const choices = (field.choices ?? []).map((choice) => ({
    ...choice,
    // Events are called the same on every page, whatever the schema calls them.
    label: choice.value in EVENT_LABELS ? eventLabel(choice.value) : choice.label,
  }))
  switch (field.kind) {
    case 'secret': {
      const secret = {
        ...common,
        description: [field.help, kept ? T.secretKept : ''].filter(Boolean).join(' '),
        value: text,
        placeholder: kept ? T.secretKeptPlaceholder : field.placeholder,
        autoComplete: 'off',
      }
      return field.long ? (
        <Textarea
          {...secret}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={(event) => change(event.currentTarget.value)}
        />
      ) : (
        <PasswordInput {...secret} onChange={(event) => change(event.currentTarget.value)} />
      )
    }
    case 'number':
      return (
        <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => change(next)} />
      )
    case 'switch':
      return (
        <Switch
          label={field.label}
          description={field.help}
          error={problem}
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      )
    case 'choice':
      return choices.length <= FEW ? (
        <Input.Wrapper {...common} labelElement="div">
          <SegmentedControl
            mt={6}
            w="100%"
            maw={520}
            orientation={narrow && letters(choices) > SHORT ? 'vertical' : 'horizontal'}
            aria-label={field.label}
            data={choices}
            value={text}
            onChange={change}
          />
        </Input.Wrapper>
      ) : (
        <Select {...common} data={choices} value={text || null} onChange={(next) => change(next ?? '')} />
      )
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={choices}
          value={Array.isArray(value) ? [...value] : []}
          searchable
          clearable
          onChange={change}
        />
      )
    case 'record': {
      const texts = isTexts(value) ? value : {}
      return (
        <Fieldset legend={field.required ? <RequiredLegend>{field.label}</RequiredLegend> : field.label}>
          {field.help ? <FormNote>{field.help}</FormNote> : null}
          {field.atLeast && problem === undefined ? <FormNote>{field.atLeast}</FormNote> : null}
          {problem ? <Input.Error>{problem}</Input.Error> : null}
          <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs">
            {choices.map((choice) => (
              <TextInput
                key={choice.value}
                label={choice.label}
                value={texts[choice.value] ?? ''}
                placeholder={choice.placeholder}
                error={problems[problemKey({ field: field.name, part: choice.value })]}
                autoComplete="off"
                onChange={(event) => change({ ...texts, [choice.value]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
        </Fieldset>
      )
    }
    default:
      return (
        <TextInput
          {...common}
          description={[field.help, note].filter(Boolean).join(' ')}
          value={text}
          placeholder={field.placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )
  }
}

type StoredValue = NonNullable<Stored[string]>

const isList = (value: StoredValue): value is readonly string[] => Array.isArray(value)

/** The form changes its own copy. */
const copied = (value: StoredValue): Value =>
  typeof value !== 'object' ? value : isList(value) ? [...value] : { ...value }

const isTexts = (value: Value | undefined): value is Record<string, string> =>
  typeof value === 'object' && !Array.isArray(value)

/** What the catalogue template in the form makes of a product of the shop; undefined while the shop has none. */
const catalogSample = (values: Settings, sample: SampleProduct | undefined): string | undefined => {
  const { catalogId, catalogCountry } = values
  if (typeof catalogId !== 'string' || sample?.title === undefined) return undefined
  const country = typeof catalogCountry === 'string' && catalogCountry !== '' ? catalogCountry : sample.country
  const parts: Readonly<Record<string, string | undefined>> = { ...sample, country: country ?? 'ZZ' }
  let complete = true
  const id = catalogId.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) complete = false
    return part ?? ''
  })
  return complete ? T.catalogSample(sample.title, id) : T.catalogSampleIncomplete
}

const letters = (choices: readonly { readonly label: string }[]): number =>
  choices.reduce((sum, { label }) => sum + label.length, 0)

/** A group cannot be required as a box can, so it says so. */
const RequiredLegend = ({ children }: { readonly children: string }) => (
  <>
    {children}{' '}
    <Text span c="var(--mantine-color-error)" aria-hidden>
      *
    </Text>
    <VisuallyHidden>{T.required}</VisuallyHidden>
  </>
)

/** A quiet line under a form's title. */
export const FormNote = ({ children }: { readonly children: ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
)
