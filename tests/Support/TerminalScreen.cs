using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

/// <summary>
/// What somebody in front of a terminal sees: follows the text and the control sequences that a program writes, as far as
/// PowerShell and this module use them. Lines that become too narrow are cut off, and nothing comes back from above.
/// </summary>
public sealed class TerminalScreen
{
    private List<char[]> _lines = [];
    private int _columns;
    private int _row;
    private int _column;
    private (int Row, int Column) _saved;
    private bool _isWrapping;
    private string _sequence = "";

    /// <summary>Makes an empty screen.</summary>
    public TerminalScreen(int rows, int columns) => Resize(rows, columns);

    /// <summary>The lines from top to bottom, without the blanks at their ends.</summary>
    public string[] Lines => _lines.Select(line => new string(line).TrimEnd()).ToArray();

    /// <summary>The lines that have left the screen at the top.</summary>
    public List<string> Scrolled { get; } = [];

    /// <summary>Whether the cursor can be seen.</summary>
    public bool IsCursorVisible { get; private set; } = true;

    /// <summary>The line that the cursor is in, from 0.</summary>
    public int Row => _row;

    /// <summary>The column that the cursor is in, from 0.</summary>
    public int Column => _column;

    /// <summary>How often a cursor was sent upwards: how often something was drawn over.</summary>
    public int UpCount { get; private set; }

    /// <summary>The window has another size now.</summary>
    public void Resize(int rows, int columns)
    {
        _columns = columns;
        _lines = _lines.Select(line => new string(line).PadRight(columns)[..columns].ToCharArray()).ToList();
        while (_lines.Count > rows)
        {
            // From below, while that is empty; else the top leaves.
            if (_row < _lines.Count - 1)
            {
                _lines.RemoveAt(_lines.Count - 1);
            }
            else
            {
                ScrollOne();
                _lines.RemoveAt(_lines.Count - 1);
                _row--;
            }
        }

        while (_lines.Count < rows)
        {
            _lines.Add(Blank());
        }

        _column = Math.Min(_column, columns - 1);
        _isWrapping = false;
    }

    /// <summary>Takes what a program has written.</summary>
    public void Write(string text)
    {
        foreach (char character in text)
        {
            Write(character);
        }
    }

    private void Write(char character)
    {
        if (_sequence.Length > 0)
        {
            _sequence += character;
            if (IsComplete(_sequence))
            {
                string sequence = _sequence;
                _sequence = "";
                Obey(sequence);
            }

            return;
        }

        switch (character)
        {
            case '\x1b':
                _sequence = "\x1b";
                break;
            case '\r':
                (_column, _isWrapping) = (0, false);
                break;
            case '\n':
                NextLine();
                break;
            case '\b':
                (_column, _isWrapping) = (Math.Max(0, _column - 1), false);
                break;
            case '\t':
                _column = Math.Min(_columns - 1, (_column / 8 + 1) * 8);
                break;
            case < ' ':
                break;
            default:
                Put(character);
                break;
        }
    }

    private void Put(char character)
    {
        if (_isWrapping)
        {
            _column = 0;
            NextLine();
        }

        _lines[_row][_column] = character;
        _isWrapping = _column == _columns - 1;
        _column = Math.Min(_columns - 1, _column + 1);
    }

    private void NextLine()
    {
        _isWrapping = false;
        if (_row == _lines.Count - 1)
        {
            ScrollOne();
        }
        else
        {
            _row++;
        }
    }

    private void ScrollOne()
    {
        Scrolled.Add(new string(_lines[0]).TrimEnd());
        _lines.RemoveAt(0);
        _lines.Add(Blank());
    }

    private static bool IsComplete(string sequence) => sequence.Length > 1 && sequence[1] switch
    {
        '[' => sequence.Length > 2 && sequence[^1] is >= '@' and <= '~',
        ']' => sequence[^1] == '\a' || sequence.EndsWith("\x1b\\", StringComparison.Ordinal),
        '(' or ')' => sequence.Length > 2,
        _ => true,
    };

    private void Obey(string sequence)
    {
        if (sequence == "\x1b7")
        {
            _saved = (_row, _column);
        }
        else if (sequence == "\x1b8")
        {
            (_row, _column) = _saved;
        }

        if (sequence[1] != '[')
        {
            return;
        }

        char command = sequence[^1];
        string arguments = sequence[2..^1];
        if (arguments.StartsWith('?'))
        {
            IsCursorVisible = arguments == "?25" ? command == 'h' : IsCursorVisible;
            return;
        }

        int[] numbers = arguments.Split(';').Select(part => int.TryParse(part, out int number) ? number : 0).ToArray();
        int first = numbers[0];
        int count = Math.Max(1, first);
        _isWrapping = _isWrapping && command == 'm';
        switch (command)
        {
            case 'A':
                UpCount++;
                _row = Math.Max(0, _row - count);
                break;
            case 'B':
                _row = Math.Min(_lines.Count - 1, _row + count);
                break;
            case 'C':
                _column = Math.Min(_columns - 1, _column + count);
                break;
            case 'D':
                _column = Math.Max(0, _column - count);
                break;
            case 'G':
                _column = Math.Min(_columns, count) - 1;
                break;
            case 'd':
                _row = Math.Min(_lines.Count, count) - 1;
                break;
            case 'H' or 'f':
                _row = Math.Min(_lines.Count, count) - 1;
                _column = numbers.Length > 1 ? Math.Clamp(numbers[1], 1, _columns) - 1 : 0;
                break;
            case 'J':
                ClearLine(first);
                for (int row = 0; row < _lines.Count; row++)
                {
                    if (first == 2 || (first == 0 && row > _row) || (first == 1 && row < _row))
                    {
                        _lines[row] = Blank();
                    }
                }

                break;
            case 'K':
                ClearLine(first);
                break;
            case 'P':
                string rest = new string(_lines[_row])[Math.Min(_columns, _column + count)..];
                _lines[_row] = (new string(_lines[_row])[.._column] + rest).PadRight(_columns).ToCharArray();
                break;
        }
    }

    private void ClearLine(int part)
    {
        int from = part == 0 ? _column : 0;
        int to = part == 1 ? _column : _columns - 1;
        Array.Fill(_lines[_row], ' ', from, to - from + 1);
    }

    private char[] Blank() => new string(' ', _columns).ToCharArray();
}
