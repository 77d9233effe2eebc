type Props = {
  id: string; label: string; type: 'text' | 'password'; autoComplete: string; value: string; onValue: (value: string) => void; hint?: string;
};

// The typings tie roles to each input type and refuse a union; either type is a plain text box here.
export function Field({ id, label, type, autoComplete, value, onValue, hint }: Props) {
  return (
    <label class="field" for={id}>{label}
      <input id={id} name={id} data-testid={id} type={type as 'text'} autoComplete={autoComplete} autoCapitalize="none" spellcheck={false} required value={value}
        onInput={(e) => onValue(e.currentTarget.value)} />
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
