using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace AsyncJobs.Tests
{
    /// <summary>An asynchronous sequence of numbers that tells how far it was read and whether it was disposed.</summary>
    public sealed class AsyncCounter : IAsyncEnumerable<int>
    {
        private readonly int _count;
        private readonly int _failAfter;

        public AsyncCounter(int count)
            : this(count, int.MaxValue)
        {
        }

        public AsyncCounter(int count, int failAfter)
        {
            _count = count;
            _failAfter = failAfter;
        }

        public int Produced { get; private set; }

        public bool IsDisposed { get; private set; }

        public async IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            try
            {
                for (int number = 1; number <= _count; number++)
                {
                    await Task.Delay(1, cancellationToken);
                    if (number > _failAfter)
                    {
                        throw new IOException("the sequence broke");
                    }

                    Produced = number;
                    yield return number;
                }
            }
            finally
            {
                IsDisposed = true;
            }
        }
    }
}
