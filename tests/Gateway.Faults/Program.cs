using Gateway.Faults;

return await Campaign.RunAsync(args);
